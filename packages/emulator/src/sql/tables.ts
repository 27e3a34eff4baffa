/** Functions on the account and its tables: lists, columns, sizes, quota. */
import { ownerRole, publicRole } from "./roles.ts"

export const tables = `
create or replace function cartodb.cdb_version() returns text language sql immutable as $$ select '0.37.1'::text $$;

-- Known for keys that belong to another user of an organization only.
create or replace function cartodb.cdb_username() returns text language sql stable as $$ select null::text $$;

create or replace function cartodb.cdb_usertables(perm text default 'all') returns setof name
language sql stable as $$
  select c.relname
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and c.relname <> 'spatial_ref_sys'
    and n.nspname not in ('pg_catalog', 'information_schema', 'cartodb') and n.nspname !~ '^pg_(toast|temp)'
    and has_schema_privilege(n.oid, 'usage')
    and case perm
      when 'public' then has_table_privilege('${publicRole}', c.oid, 'select')
      when 'private' then has_table_privilege(c.oid, 'select') and not has_table_privilege('${publicRole}', c.oid, 'select')
      when 'all' then has_table_privilege(c.oid, 'select') or has_table_privilege('${publicRole}', c.oid, 'select')
    end
  order by c.oid
$$;

create or replace function cartodb.cdb_columnnames(tablename regclass) returns setof name language sql stable as $$
  select attname from pg_catalog.pg_attribute
  where attrelid = tablename and attnum > 0 and not attisdropped order by attnum
$$;

create or replace function cartodb.cdb_columntype(tablename regclass, columnname text) returns varchar
language sql stable as $$
  select format_type(atttypid, null)::varchar from pg_catalog.pg_attribute
  where attrelid = tablename and attname = columnname and attnum > 0 and not attisdropped
$$;

create or replace function cartodb.cdb_userdatasize() returns bigint language sql volatile as $$
  select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
  from pg_catalog.pg_class c join pg_catalog.pg_roles r on r.oid = c.relowner
  where c.relkind in ('r', 'm') and r.rolname = '${ownerRole}'
$$;

create or replace function cartodb._cdb_userquotainbytes() returns bigint
language sql immutable as $$ select 21474836480 $$;

-- Only the superuser can set it; answers the quota before. Data beyond it is refused by cartodbfied tables.
create or replace function cartodb.cdb_setuserquotainbytes(bytes bigint) returns bigint language plpgsql as $$
declare
  previous constant bigint := cartodb._cdb_userquotainbytes();
begin
  execute format(
    'create or replace function cartodb._cdb_userquotainbytes() returns bigint language sql immutable as %L',
    format('select %s::bigint', bytes)
  );
  return previous;
end $$;

-- CARTO looks at a random tenth of the statements; here each is looked at, so that tests know what happens.
create or replace function cartodb.cdb_checkquota() returns trigger
language plpgsql security definer set search_path = cartodb, pg_temp as $$
declare
  excess constant bigint := cartodb.cdb_userdatasize() - cartodb._cdb_userquotainbytes();
begin
  if excess > 0 then
    raise exception 'Quota exceeded by %KB', (excess / 1024.0)::float8;
  end if;
  return null;
end $$;
`
