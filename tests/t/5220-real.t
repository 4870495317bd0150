#!/bin/bash
# PostGIS and pgTAP, the extensions of Debian's packages, through releases.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/equal-lib.sh
. "$(dirname "$0")/../lib/equal-lib.sh"
sql places <<'END'
CREATE EXTENSION postgis;
CREATE TABLE place (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL,
	spot geometry(Point, 4326) NOT NULL, land geography(Polygon) DEFAULT NULL,
	wide geometry GENERATED ALWAYS AS (ST_Buffer(spot, 1)) STORED, CHECK (ST_X(spot) < 180));
CREATE INDEX ON place USING gist (spot);
CREATE INDEX ON place USING gist (ST_Transform(spot, 3857));
CREATE INDEX ON place USING spgist (wide); CREATE INDEX ON place USING gist (land);
CREATE FUNCTION metres(geometry, geometry) RETURNS float8 LANGUAGE sql IMMUTABLE AS
	'SELECT ST_Distance($1::geography, $2::geography)';
CREATE INDEX ON place (metres(spot, ST_SetSRID(ST_MakePoint(0, 0), 4326)));
INSERT INTO place (name, spot, land) VALUES ('Wien', 'SRID=4326;POINT(16.37 48.2)',
	'POLYGON((0 0,0 1,1 1,0 0))'), ('Graz', 'SRID=4326;POINT(15.43 47.07)', NULL);
INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text)
	VALUES (990000, 'ours', 1, '', '+proj=longlat +datum=WGS84');
CREATE MATERIALIZED VIEW near AS SELECT a.name, b.name AS other, metres(a.spot, b.spot) AS m
	FROM place a JOIN place b ON a.id < b.id AND ST_DWithin(a.spot, b.spot, 10);
END

sql tested <<'END'
CREATE EXTENSION pgtap;
CREATE FUNCTION test_places() RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN
	RETURN NEXT has_table('place'); RETURN NEXT col_is_pk('place', 'id');
	RETURN NEXT is((SELECT count(*) FROM near),
		(SELECT count(*) * (count(*) - 1) / 2 FROM place), 'each pair is near'); END $$;
CREATE VIEW failures AS SELECT t FROM runtests('^test_') t WHERE t LIKE 'not ok%';
END

sql topology <<'END'
CREATE EXTENSION postgis_topology; CREATE EXTENSION postgis_raster;
SELECT CreateTopology('city', 4326);
SELECT TopoGeo_AddLineString('city', 'SRID=4326;LINESTRING(0 0, 1 1, 2 0)');
CREATE TABLE street (id int);
SELECT AddTopoGeometryColumn('city', 'public', 'street', 'line', 'LINE');
CREATE TABLE picture (r raster); INSERT INTO picture VALUES (ST_MakeEmptyRaster(2, 2, 0, 0, 1));
SELECT AddRasterConstraints('picture', 'r');
END

sql grow <<'END'
INSERT INTO place (name, spot) SELECT 'Linz', 'SRID=4326;POINT(14.29 48.31)';
REFRESH MATERIALIZED VIEW near;
END

sql geocoder <<'END'
CREATE EXTENSION fuzzystrmatch; CREATE EXTENSION postgis_tiger_geocoder;
CREATE EXTENSION address_standardizer; CREATE EXTENSION address_standardizer_data_us;
INSERT INTO us_lex (seq, word, stdword, token, is_custom) VALUES (1, 'HOP', 'HOP', 1, true);
SELECT TopoGeo_AddPoint('city', 'SRID=4326;POINT(5 5)');
END

sql smaller <<'END'
DROP VIEW failures; DROP FUNCTION test_places(); DROP EXTENSION pgtap;
SELECT DropTopology('city'); DROP TABLE street; DROP EXTENSION postgis_topology;
UPDATE spatial_ref_sys SET auth_name = 'theirs' WHERE srid = 990000;
END

# The test of the project runs pgTAP in every database that has it.
write_tests() {
	cat <<-'END'
		found=$(psql -XAtc "select to_regproc('test_places') is not null") &&
		{ [ "$found" = f ] || psql -XAtc 'select * from runtests()' >result; } &&
		{ [ "$found" = f ] || ! grep '^not ok' result; }
	END
}

test_expect_success 'releases with PostGIS, pgTAP, topologies and rasters' '
	equal_project real --test="sh tests.sh" &&
	write_tests >tests.sh && echo result >.gitignore && git add . &&
	git commit -q --no-verify -m "Test" && git push -q --no-verify &&
	promoted prod @places && promoted rc @tested && promoted prod @grow &&
	promoted prod @topology && promoted hotfix "update place set name = upper(name);
		refresh materialized view near;" &&
	promoted prod @geocoder && promoted prod @smaller
'

test_expect_success 'every way to every version ends in the same database' '
	equal_everywhere &&
	test_grep "search_path=public, topology$" ../real.states/built-0.3.0/facts
'

test_done
