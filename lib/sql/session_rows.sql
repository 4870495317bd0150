-- What hop's tables hold: another value when a row of them was changed.
select pg_catalog.md5(pg_catalog.concat(
	(select pg_catalog.string_agg(t::text, ' ' order by t::text) from hop.project t),
	(select pg_catalog.string_agg(t::text, ' ' order by t::text) from hop.release t),
	(select pg_catalog.string_agg(t::text, ' ' order by t::text) from hop.patch t),
	(select pg_catalog.string_agg(t::text, ' ' order by t::text) from hop.file t),
	(select pg_catalog.string_agg(t::text, ' ' order by t::text) from hop.bootstrap t)))
