/** Functions on the account and its tables: lists, columns, sizes, quota. */
import { publicRole } from "./roles.ts"
import { stateSchema } from "./state.ts"

export const tables = `
create or replace function cartodb.cdb_version() returns text language sql immutable as $$ select '0.37.1'::text $$;

-- The schema of a member of an organization has the member's name.
create or replace function cartodb.cdb_username() returns text language sql stable as $$
  select nullif(current_schema()::text, 'public')
$$;

create or replace function cartodb.cdb_usertables(perm text default 'all') returns setof name
language sql stable as $$
  select c.relname
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and c.relname <> 'spatial_ref_sys'
    and n.nspname not in ('pg_catalog', 'information_schema', 'cartodb') and n.nspname !~ '^pg_(toast|temp)'
    and has_schema_privilege(n.oid, 'usage')
    -- Of an organization's members each sees its own.
    and n.nspowner = (select nspowner from pg_catalog.pg_namespace where nspname = current_schema())
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

-- Of the owner of a schema, who is its user.
create or replace function cartodb.cdb_userdatasize(schema_name text) returns bigint language sql volatile as $$
  select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.nspowner = c.relowner
  where c.relkind in ('r', 'm') and n.nspname = schema_name
$$;

create or replace function cartodb.cdb_userdatasize() returns bigint language sql volatile as $$
  select cartodb.cdb_userdatasize(current_schema()::text)
$$;

create or replace function cartodb._cdb_accountquota() returns bigint
language sql immutable as $$ select 21474836480 $$;

-- Of a member of the organization; nothing for the account itself, and before there are users.
create or replace function cartodb._cdb_memberquota(schema_name text) returns bigint
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return (select quota_in_bytes from ${stateSchema}.users where username = schema_name and username <> account);
exception when undefined_table then
  return null;
end $$;

create or replace function cartodb._cdb_userquotainbytes(schema_name text) returns bigint language sql stable as $$
  select coalesce(cartodb._cdb_memberquota(schema_name), cartodb._cdb_accountquota())
$$;

create or replace function cartodb._cdb_userquotainbytes() returns bigint language sql stable as $$
  select cartodb._cdb_userquotainbytes(current_schema()::text)
$$;

-- Only the superuser can set it; answers the quota before. Data beyond it is refused by cartodbfied tables.
create or replace function cartodb.cdb_setuserquotainbytes(bytes bigint) returns bigint language plpgsql as $$
declare
  previous constant bigint := cartodb._cdb_accountquota();
begin
  execute format(
    'create or replace function cartodb._cdb_accountquota() returns bigint language sql immutable as %L',
    format('select %s::bigint', bytes)
  );
  return previous;
end $$;

-- CARTO looks at a random tenth of the statements; here each is looked at, so that tests know what happens.
create or replace function cartodb.cdb_checkquota() returns trigger
language plpgsql security definer set search_path = cartodb, pg_temp as $$
declare
  excess constant bigint :=
    cartodb.cdb_userdatasize(tg_table_schema::text) - cartodb._cdb_userquotainbytes(tg_table_schema::text);
begin
  if excess > 0 then
    raise exception 'Quota exceeded by %KB', (excess / 1024.0)::float8;
  end if;
  return null;
end $$;
`
