/** When each table was last written to, which is what caches are told. */
import { ownerRole } from "./roles.ts"

export const metadata = `
create table if not exists cartodb.cdb_tablemetadata (
  tabname regclass primary key,
  updated_at timestamptz not null default now()
);
grant select, insert, update, delete on cartodb.cdb_tablemetadata to ${ownerRole};

create or replace view cartodb.cdb_tablemetadata_text as
  select format('%I.%I', n.nspname, c.relname) as tabname, m.updated_at
  from cartodb.cdb_tablemetadata m
  join pg_catalog.pg_class c on c.oid = m.tabname
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace;
grant select on cartodb.cdb_tablemetadata_text to ${ownerRole};

create or replace function cartodb.cdb_tablemetadatatouch(tablename regclass) returns void language sql as $$
  insert into cartodb.cdb_tablemetadata (tabname, updated_at) values (tablename, now())
  on conflict (tabname) do update set updated_at = now()
$$;

create or replace function cartodb.cdb_tablemetadatatouch(tablename text) returns void language sql as $$
  select cartodb.cdb_tablemetadatatouch(tablename::regclass)
$$;

-- Who may write to a table need not have rights on its metadata.
create or replace function cartodb._cdb_track_updates() returns trigger
language plpgsql security definer set search_path = cartodb, pg_temp as $$
begin
  perform cartodb.cdb_tablemetadatatouch(tg_relid::regclass);
  return null;
end $$;
`
