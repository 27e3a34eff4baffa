/** Where the catalog is kept: a schema of the account's own database, which nobody but the superuser reaches. */
import { publicRole } from "../sql/roles.ts"
import { sharing } from "./sharing.ts"

// Times are milliseconds of the emulator's clock, which tests may turn, not of PostgreSQL's.
const tables = `
create schema if not exists carto_emulator;

create table if not exists carto_emulator.visualizations (
  place bigint generated always as identity,
  id uuid primary key default gen_random_uuid(),
  type text not null,
  table_oid oid unique,
  table_id uuid unique,
  map_id uuid not null default gen_random_uuid(),
  active_layer_id uuid default gen_random_uuid(),
  permission_id uuid not null unique default gen_random_uuid(),
  name text not null,
  display_name text,
  description text,
  tags text[] not null default '{}',
  privacy text not null,
  password_hash text,
  locked boolean not null default false,
  liked boolean not null default false,
  source text,
  title text,
  license text,
  attributions text,
  kind text not null default 'geom',
  version integer not null default 2,
  transition_options jsonb not null default '{}',
  acl jsonb not null default '[]',
  synchronization jsonb,
  created_at bigint not null,
  updated_at bigint not null,
  shared_at bigint not null,
  geometry_types text[] not null default '{}',
  -- PostgreSQL's time of its last ANALYZE.
  analyzed_at timestamptz not null default '-infinity'
);
-- Whose it is: the schema of the user's tables.
alter table carto_emulator.visualizations add column if not exists schema text not null default 'public';

-- What a map shows. A layer without a dataset shows a query or a basemap.
create table if not exists carto_emulator.visualization_layers (
  id uuid primary key default gen_random_uuid(),
  visualization_id uuid not null references carto_emulator.visualizations on delete cascade,
  dataset_id uuid references carto_emulator.visualizations on delete cascade,
  place integer not null,
  unique (visualization_id, place)
);
create index if not exists visualization_layers_dataset on carto_emulator.visualization_layers (dataset_id);
`

// Only tables that CDB_CartodbfyTable has equipped are datasets (platform reference, §13, §18).
const views = `
-- Accounts under whose names the database was used before have the same schema.
create or replace view carto_emulator.user_tables as
  select c.oid, c.relname::text as name, u.user_schema as schema
  from (select distinct user_schema from carto_emulator.identities where type = 'user') u
  join pg_catalog.pg_namespace n on n.nspname = u.user_schema
  join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relkind = 'r';

create or replace view carto_emulator.cartodbfied_tables as
  select t.oid, t.name, t.schema from carto_emulator.user_tables t
  join pg_catalog.pg_trigger on tgrelid = t.oid and tgname = 'test_quota'
  where 3 = (
    select count(*) from pg_catalog.pg_attribute
    where attrelid = t.oid and not attisdropped and attname in ('cartodb_id', 'the_geom', 'the_geom_webmercator')
  );

-- Tables that are gone, that have another name, and that may be new.
create or replace view carto_emulator.unlinked_tables as
  select coalesce(t.oid, v.table_oid) as oid
  from carto_emulator.user_tables t
  full join (select table_oid, name from carto_emulator.visualizations where table_oid is not null) v on v.table_oid = t.oid
  left join pg_catalog.pg_trigger on tgrelid = t.oid and tgname = 'test_quota'
  where (v.table_oid is null and tgrelid is not null) or (v.table_oid is not null and t.name is distinct from v.name);

create or replace view carto_emulator.changed_datasets as
  select v.id, v.table_oid
  from carto_emulator.visualizations v left join cartodb.cdb_tablemetadata m on m.tabname = v.table_oid
  where v.type = 'table' and (v.analyzed_at = '-infinity' or m.updated_at >= v.analyzed_at);
`

const measures = `
create or replace function carto_emulator.table_extent(reloid regclass) returns public.geometry language plpgsql as $$
declare
  extent public.geometry;
begin
  execute format('select public.ST_SetSRID(public.ST_Extent(the_geom)::public.geometry, 4326) from %s', reloid) into extent;
  return extent;
exception when undefined_table or undefined_column then
  return null;
end $$;

-- What autovacuum does on the real servers, without which planner estimates would stay those of the empty table; and
-- what the first rows hold, as CARTO looks at it.
create or replace function carto_emulator.measure_datasets() returns void language plpgsql as $$
declare
  dataset record;
  found text[];
begin
  for dataset in select id, table_oid::regclass as relation from carto_emulator.changed_datasets loop
    execute format('analyze %s', dataset.relation);
    execute format(
      'select array_agg(distinct public.ST_GeometryType(the_geom)) from (select the_geom from %s where the_geom is not null limit 1000) sample',
      dataset.relation
    ) into found;
    update carto_emulator.visualizations set geometry_types = coalesce(found, '{}'), analyzed_at = clock_timestamp()
    where id = dataset.id;
  end loop;
end $$;
`

const functions = `
-- PUBLIC and LINK are a right to read; nothing else of a privacy is known to PostgreSQL.
create or replace function carto_emulator.expose_table(reloid regclass, privacy text) returns void language plpgsql as $$
begin
  if privacy in ('PUBLIC', 'LINK') then
    execute format('grant select on %s to ${publicRole}', reloid);
  else
    execute format('revoke select on %s from ${publicRole}', reloid);
  end if;
end $$;

-- Maps that show nothing else go with a dataset; from others its layers are taken away.
create or replace function carto_emulator.forget_visualization(gone uuid) returns void language sql as $$
  delete from carto_emulator.visualizations m
  where m.type = 'derived'
    and exists (select from carto_emulator.visualization_layers where visualization_id = m.id and dataset_id = gone)
    and not exists (select from carto_emulator.visualization_layers where visualization_id = m.id and dataset_id <> gone);
  delete from carto_emulator.visualizations where id = gone;
$$;

create or replace function carto_emulator.link_changed_tables(now bigint, default_privacy text) returns void language plpgsql as $$
declare
  dataset record;
begin
  perform pg_advisory_xact_lock(hashtext('carto_emulator.link_changed_tables'));
  update carto_emulator.visualizations v set name = t.name, updated_at = now
  from carto_emulator.user_tables t where v.table_oid = t.oid and v.name <> t.name;

  -- A table that took the place of another, as cartodbfying and synchronizing do it, is the same dataset.
  for dataset in
    select v.id, v.privacy, v.acl, t.oid from carto_emulator.visualizations v
    join carto_emulator.cartodbfied_tables t on t.name = v.name and t.schema = v.schema
    where v.table_oid <> t.oid and v.table_oid not in (select oid from carto_emulator.user_tables)
      and t.oid not in (select table_oid from carto_emulator.visualizations where table_oid is not null)
  loop
    update carto_emulator.visualizations set table_oid = dataset.oid, analyzed_at = '-infinity', updated_at = now where id = dataset.id;
    perform carto_emulator.expose_table(dataset.oid, dataset.privacy);
    perform carto_emulator.share_table(dataset.oid, dataset.acl);
  end loop;

  perform carto_emulator.forget_visualization(id) from carto_emulator.visualizations
  where table_oid is not null and table_oid not in (select oid from carto_emulator.user_tables);

  -- What the public may read already stays so.
  for dataset in
    insert into carto_emulator.visualizations (type, name, schema, table_oid, table_id, privacy, created_at, updated_at, shared_at)
    select 'table', t.name, t.schema, t.oid, gen_random_uuid(),
      case when has_table_privilege('${publicRole}', t.oid, 'select') then 'PUBLIC' else default_privacy end, now, now, now
    from carto_emulator.cartodbfied_tables t
    where t.oid not in (select table_oid from carto_emulator.visualizations where table_oid is not null)
    order by t.oid
    returning table_oid, privacy
  loop
    perform carto_emulator.expose_table(dataset.table_oid, dataset.privacy);
  end loop;
end $$;

-- Brings the catalog up to what SQL has made of the tables since: "ghost tables" (platform reference, §8.3).
create or replace function carto_emulator.link_tables(now bigint, default_privacy text) returns void language plpgsql as $$
begin
  if exists (select from carto_emulator.unlinked_tables) then
    perform carto_emulator.link_changed_tables(now, default_privacy);
  end if;
  if exists (select from carto_emulator.changed_datasets) then
    perform carto_emulator.measure_datasets();
  end if;
end $$;
`

/** Run by the superuser. To run it again changes nothing that is kept. */
export const schema = [tables, views, measures, sharing, functions].join("\n")
