-- What no two clusters share, but those of which one is a copy of the other.
select system_identifier from pg_catalog.pg_control_system();
