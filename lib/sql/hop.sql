-- hop's own tables. Run in the transaction of whoever makes a database hop's; harmless when they
-- exist.
create schema if not exists hop;
comment on schema hop is 'git hop: what this database is and what was applied to it';

-- One row: whose database this is, and whether it may ever be dropped.
create table if not exists hop.project (
	only_row boolean primary key default true check (only_row),
	id text not null check (id ~ '^[0-9a-f]{32}$'),
	name text not null check (name ~ '^[a-z][a-z0-9_-]{0,39}$'),
	role text not null check (role in ('development', 'scratch', 'production')),
	hop_version text not null check (hop_version <> ''),
	made_at timestamptz not null default now(),
	-- The clone that a development database is of; where it was then is for people to read.
	clone_id text check (clone_id ~ '^[0-9a-f]{32}$'),
	clone_host text,
	clone_directory text
);

create table if not exists hop.release (
	version text primary key
		check (version ~ '^[0-9]+\.[0-9]+\.[0-9]+(-(rc|hotfix)[0-9]+)?$'),
	applied_at timestamptz not null default clock_timestamp(),
	applied_by text not null default session_user,
	commit_id text check (commit_id ~ '^[0-9a-f]{40}([0-9a-f]{24})?$'),
	hop_version text not null check (hop_version <> ''),
	duration_ms bigint not null check (duration_ms >= 0)
);

-- A release's row is written at its end, when its duration is known: hence the deferred keys.
create table if not exists hop.patch (
	id text not null check (id ~ '^[1-9][0-9]*(-[a-z0-9]+)*$'),
	version text not null references hop.release deferrable initially deferred,
	hash text not null check (hash ~ '^[0-9a-f]{40}([0-9a-f]{24})?$'),
	"position" integer not null check ("position" >= 1),
	duration_ms bigint not null check (duration_ms >= 0),
	applied_at timestamptz not null default clock_timestamp(),
	primary key (id, version),
	unique (version, "position")
);

-- What was begun and done of a release that is under way and that is not one transaction: its files,
-- and of those outside a transaction each statement. Gone when the release is complete.
create table if not exists hop.file (
	version text not null check (version <> ''),
	patch text not null check (patch <> ''),
	hash text not null check (hash ~ '^[0-9a-f]{40}([0-9a-f]{24})?$'),
	file text not null check (file <> ''),
	-- In the file, from 1; 0: the file as a whole.
	statement integer not null check (statement >= 0),
	state text not null check (state in ('started', 'done', 'failed')),
	-- What it was to make or drop, before it was first started.
	before text,
	started_at timestamptz not null default clock_timestamp(),
	duration_ms bigint not null check (duration_ms >= 0),
	primary key (version, file, statement)
);

create table if not exists hop.bootstrap (
	file text primary key check (file <> ''),
	hash text not null check (hash ~ '^[0-9a-f]{40}([0-9a-f]{24})?$'),
	applied_at timestamptz not null default clock_timestamp()
);
