-- Schemas, types, domains, ranges, casts, collations, conversions, text search.
CREATE SCHEMA app; CREATE SCHEMA "Odd Schema"; COMMENT ON SCHEMA app IS 'the application''s';
CREATE EXTENSION hstore SCHEMA app; CREATE EXTENSION citext; CREATE EXTENSION pg_trgm;
CREATE EXTENSION cube; CREATE EXTENSION earthdistance; CREATE EXTENSION unaccent;
CREATE EXTENSION btree_gist; COMMENT ON EXTENSION citext IS 'text of any case';
CREATE EXTENSION pgcrypto;

CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'it''s "fine"');
CREATE TYPE app.address AS (street text, "No." int, mood app.mood);
CREATE DOMAIN app.home AS app.address CHECK ((VALUE).street <> '' AND (VALUE).mood <> 'sad');
CREATE TYPE app.person AS (name text, home app.home, moods app.mood[]);
CREATE DOMAIN app.people AS app.person[] DEFAULT '{}' NOT NULL;
CREATE DOMAIN positive AS int CONSTRAINT above_zero CHECK (VALUE > 0) DEFAULT 1;
CREATE DOMAIN app.few AS positive CHECK (VALUE < 10);
CREATE DOMAIN code AS text COLLATE "C" CHECK (VALUE ~ '^[a-z]+$');
COMMENT ON TYPE app.mood IS 'how it is'; COMMENT ON COLUMN app.address."No." IS 'of the house';
COMMENT ON DOMAIN code IS 'a word'; COMMENT ON CONSTRAINT above_zero ON DOMAIN positive IS '> 0';
REVOKE USAGE ON TYPE app.mood FROM PUBLIC; GRANT USAGE ON TYPE app.mood TO pg_monitor;

CREATE FUNCTION app.distance(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS
	'SELECT $1 - $2';
CREATE TYPE app.float_range AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = app.distance);
CREATE TYPE app.mood_range AS RANGE (SUBTYPE = app.mood);
CREATE TYPE app.later;

-- A base type, with the functions of int4.
CREATE TYPE app.colour;
CREATE FUNCTION app.colour_in(cstring) RETURNS app.colour LANGUAGE internal IMMUTABLE STRICT AS
	'int4in';
CREATE FUNCTION app.colour_out(app.colour) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS
	'int4out';
CREATE TYPE app.colour (INPUT = app.colour_in, OUTPUT = app.colour_out, LIKE = int4, CATEGORY = 'X',
	DEFAULT = '7', DELIMITER = ';');
CREATE CAST (app.colour AS int) WITHOUT FUNCTION AS ASSIGNMENT;
CREATE CAST (int AS app.colour) WITHOUT FUNCTION;
CREATE FUNCTION app.colour(app.mood) RETURNS app.colour LANGUAGE sql STABLE AS
	$$ SELECT length($1::text)::app.colour $$;
CREATE CAST (app.mood AS app.colour) WITH FUNCTION app.colour(app.mood) AS ASSIGNMENT;
COMMENT ON CAST (app.mood AS app.colour) IS 'by length';

CREATE COLLATION app.posix FROM "C"; CREATE COLLATION app.utf (LOCALE = 'C.UTF-8');
COMMENT ON COLLATION app.posix IS 'bytes';
CREATE CONVERSION app.greek FOR 'UTF8' TO 'ISO_8859_7' FROM utf8_to_iso8859;
COMMENT ON CONVERSION app.greek IS 'not really';

CREATE TEXT SEARCH TEMPLATE app.plain (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY app.words (TEMPLATE = app.plain, ACCEPT = 'false');
CREATE TEXT SEARCH DICTIONARY app.stems (TEMPLATE = snowball, LANGUAGE = 'english', STOPWORDS =
	'english');
CREATE TEXT SEARCH PARSER app.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
	LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH CONFIGURATION app.text (PARSER = app.parser);
ALTER TEXT SEARCH CONFIGURATION app.text ADD MAPPING FOR asciiword, word WITH unaccent, app.words,
	app.stems;
CREATE TEXT SEARCH CONFIGURATION app.copied (COPY = english);
COMMENT ON TEXT SEARCH CONFIGURATION app.text IS 'ours';
COMMENT ON TEXT SEARCH DICTIONARY app.words IS 'w';
COMMENT ON TEXT SEARCH PARSER app.parser IS 'p'; COMMENT ON TEXT SEARCH TEMPLATE app.plain IS 't';
