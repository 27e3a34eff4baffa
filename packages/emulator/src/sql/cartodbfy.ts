/** `CDB_CartodbfyTable`: makes a plain table a dataset, with a key, two geometries, their indexes and the triggers. */

const inspect = `
create or replace function cartodb._cdb_hascolumn(reloid regclass, columnname name) returns boolean
language sql stable as $$
  select exists (select from pg_attribute where attrelid = reloid and attname = columnname and not attisdropped)
$$;

-- Whether cartodb_id can be the key: whole numbers, none twice, none missing.
create or replace function cartodb._cdb_usablekey(reloid regclass) returns boolean language plpgsql as $$
declare
  usable boolean;
begin
  if not exists (
    select from pg_attribute where attrelid = reloid and attname = 'cartodb_id' and not attisdropped
      and atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
  ) then
    return false;
  end if;
  execute format('select count(*) = count(distinct cartodb_id) from %s', reloid) into usable;
  return usable;
end $$;

-- The column that becomes the_geom: the one of that name, or else the first geometry.
create or replace function cartodb._cdb_geometrycolumn(reloid regclass) returns name language sql stable as $$
  select attname from pg_attribute
  where attrelid = reloid and atttypid = 'public.geometry'::regtype and not attisdropped
    and attname <> 'the_geom_webmercator'
  order by attname <> 'the_geom', attnum limit 1
$$;

-- The SRID by the column's type, or by its first value when the type leaves it open.
create or replace function cartodb._cdb_srid(reloid regclass, columnname name) returns integer language plpgsql as $$
declare
  srid integer := (
    select public.postgis_typmod_srid(atttypmod) from pg_attribute
    where attrelid = reloid and attname = columnname and not attisdropped
  );
begin
  if srid = 0 then
    execute format('select public.ST_SRID(%1$I) from %2$s where %1$I is not null limit 1', columnname, reloid) into srid;
  end if;
  return coalesce(srid, 0);
end $$;

-- Whether the three columns are there and first, so that the table can stay as it is.
create or replace function cartodb._cdb_hasshape(reloid regclass) returns boolean language sql volatile as $$
  select cartodb._cdb_usablekey(reloid) and (
    select array_agg(format('%s %s', attname, public.postgis_typmod_srid(atttypmod)) order by attnum)
    from (
      select * from pg_attribute where attrelid = reloid and attnum > 0 and not attisdropped order by attnum limit 3
    ) first
    where attname = 'cartodb_id' or atttypid = 'public.geometry'::regtype
  ) = array['cartodb_id 0', 'the_geom 4326', 'the_geom_webmercator 3857']
$$;
`

const rewrite = `
-- What a new table in place of the old one must get back, as statements that name the table as before.
create or replace function cartodb._cdb_belongings(reloid regclass) returns setof text language sql stable as $$
  select format('alter table %s alter column %I set not null', reloid, attname)
  from pg_attribute where attrelid = reloid and attnum > 0 and attnotnull and not attisdropped and attname <> 'cartodb_id'
  union all
  select format('alter table %s alter column %I set default %s', reloid, a.attname, pg_get_expr(d.adbin, d.adrelid))
  from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
  where d.adrelid = reloid and a.attname <> 'cartodb_id' and a.attgenerated = ''
  union all
  -- The primary key moves to cartodb_id; another one stays unique.
  select format('alter table %s add constraint %I %s', reloid, conname,
    regexp_replace(pg_get_constraintdef(oid), '^PRIMARY KEY', 'UNIQUE'))
  from pg_constraint
  where conrelid = reloid and contype in ('c', 'f', 'p', 'u', 'x')
    and pg_get_constraintdef(oid) <> 'PRIMARY KEY (cartodb_id)'
  union all
  select pg_get_indexdef(i.indexrelid) from pg_index i
  where i.indrelid = reloid and not exists (select from pg_constraint where conindid = i.indexrelid)
  union all
  select pg_get_triggerdef(oid) from pg_trigger where tgrelid = reloid and not tgisinternal
  union all
  select format('grant %s on %s to %s', privilege_type, reloid, case grantee when 0 then 'public' else grantee::regrole::text end)
  from pg_class, aclexplode(relacl) where oid = reloid and grantee <> relowner
  union all
  select format('comment on column %s.%I is %L', reloid, a.attname, d.description)
  from pg_description d join pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid
  where d.classoid = 'pg_class'::regclass and d.objoid = reloid
  union all
  select format('comment on table %s is %L', reloid, obj_description(reloid, 'pg_class'))
  where obj_description(reloid, 'pg_class') is not null
$$;

-- PostgreSQL cannot put a column first: a new table takes the old one's place, its rows, name and belongings.
create or replace function cartodb._cdb_rewrite(reloid regclass) returns regclass language plpgsql as $$
declare
  self constant text := reloid::text;
  relation constant name := (select relname from pg_class where oid = reloid);
  namespace constant name := (select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = reloid);
  keeps_key constant boolean := cartodb._cdb_usablekey(reloid);
  geometry_column constant name := cartodb._cdb_geometrycolumn(reloid);
  srid constant integer := cartodb._cdb_srid(reloid, geometry_column);
  belongings constant text[] := array(select cartodb._cdb_belongings(reloid));
  serials constant text[] := array(
    select format('%s owned by %s.%I', d.objid::regclass, self, a.attname)
    from pg_depend d
    join pg_class s on s.oid = d.objid and s.relkind = 'S'
    join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where d.refobjid = reloid and d.deptype = 'a' and a.attname <> 'cartodb_id'
  );
  geom text;
  others text;
  statement text;
begin
  geom := case
    when geometry_column is null then 'null'
    when srid = 4326 then quote_ident(geometry_column)
    when srid = 0 then format('public.ST_SetSRID(%I, 4326)', geometry_column)
    else format('public.ST_Transform(%I, 4326)', geometry_column)
  end;
  -- An unusable cartodb_id keeps its values under another name.
  select string_agg(case attname when 'cartodb_id' then 'cartodb_id as _cartodb_id0' else quote_ident(attname) end, ', ' order by attnum)
    into others from pg_attribute
    where attrelid = reloid and attnum > 0 and not attisdropped
      and attname not in ('the_geom', 'the_geom_webmercator', coalesce(geometry_column, 'the_geom'))
      and not (attname = 'cartodb_id' and keeps_key);

  foreach statement in array serials loop
    execute format('alter sequence %s owned by none', split_part(statement, ' owned by ', 1));
  end loop;
  execute format(
    'create table %I.%I as select %s::bigint as cartodb_id, _cdb_geom::public.geometry(Geometry, 4326) as the_geom,'
    ' cartodb.cdb_transformtowebmercator(_cdb_geom)::public.geometry(Geometry, 3857) as the_geom_webmercator%s'
    ' from (select *, %s as _cdb_geom from %s) rows',
    namespace, left(relation, 50) || '_cartodbfy',
    case when keeps_key then 'cartodb_id' else 'row_number() over ()' end, ', ' || others, geom, self
  );
  execute format('drop table %s', self);
  execute format('alter table %I.%I rename to %I', namespace, left(relation, 50) || '_cartodbfy', relation);

  foreach statement in array belongings loop
    execute statement;
  end loop;
  foreach statement in array serials loop
    execute 'alter sequence ' || statement;
  end loop;
  return format('%I.%I', namespace, relation)::regclass;
end $$;
`

const equip = `
create or replace function cartodb._cdb_addkey(reloid regclass) returns void language plpgsql as $$
declare
  relation constant name := (select relname from pg_class where oid = reloid);
  sequence text;
begin
  if pg_get_serial_sequence(reloid::text, 'cartodb_id') is null then
    -- A table that had this name and was renamed keeps its sequence.
    sequence := (
      select wanted from pg_class c join pg_namespace n on n.oid = c.relnamespace, generate_series(0, 9999) number,
        format('%I.%I', n.nspname, left(relation, 40) || '_cartodb_id_seq' || coalesce(nullif(number, 0)::text, '')) wanted
      where c.oid = reloid and to_regclass(wanted) is null order by number limit 1
    );
    execute format('create sequence %s owned by %s.cartodb_id', sequence, reloid);
    execute format('alter table %s alter column cartodb_id set default nextval(%L)', reloid, sequence);
    execute format('select setval(%L, max(cartodb_id)) from %s having count(*) > 0', sequence, reloid);
  end if;
  if not exists (select from pg_constraint where conrelid = reloid and pg_get_constraintdef(oid) = 'PRIMARY KEY (cartodb_id)') then
    execute format('alter table %s add primary key (cartodb_id)', reloid);
  end if;
end $$;

create or replace function cartodb._cdb_addindexes(reloid regclass) returns void language plpgsql as $$
declare
  columnname name;
begin
  foreach columnname in array array['the_geom', 'the_geom_webmercator'] loop
    if not exists (
      select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where i.indrelid = reloid and a.attname = columnname
    ) then
      execute format('create index on %s using gist (%I)', reloid, columnname);
    end if;
  end loop;
end $$;

create or replace function cartodb._cdb_fillwebmercator() returns trigger language plpgsql as $$
begin
  new.the_geom_webmercator := cartodb.cdb_transformtowebmercator(new.the_geom);
  return new;
end $$;

-- The first time, CARTO's notices tell of four triggers that are not there yet.
create or replace function cartodb._cdb_addtriggers(reloid regclass) returns void language plpgsql as $$
declare
  trigger_name name;
begin
  if exists (select from pg_trigger where tgrelid = reloid and tgname = 'track_updates') then
    return;
  end if;
  foreach trigger_name in array array['track_updates', 'update_the_geom_webmercator_trigger', 'test_quota', 'test_quota_per_row'] loop
    execute format('drop trigger if exists %I on %s', trigger_name, reloid);
  end loop;
  execute format('create trigger track_updates after insert or update or delete or truncate on %s for each statement execute function cartodb._cdb_track_updates()', reloid);
  execute format('create trigger update_the_geom_webmercator_trigger before insert or update of the_geom on %s for each row execute function cartodb._cdb_fillwebmercator()', reloid);
  execute format('create trigger test_quota before insert or update on %s for each statement execute function cartodb.cdb_checkquota()', reloid);
end $$;

create or replace function cartodb.cdb_cartodbfytable(destschema text, reloid regclass) returns regclass language plpgsql as $$
declare
  dataset regclass := reloid;
begin
  if (select relkind from pg_class where oid = reloid) <> 'r' then
    raise exception '"%" is not a table', reloid using errcode = 'wrong_object_type';
  end if;
  if not cartodb._cdb_hasshape(reloid) then
    dataset := cartodb._cdb_rewrite(reloid);
  end if;
  perform cartodb._cdb_addkey(dataset);
  perform cartodb._cdb_addindexes(dataset);
  perform cartodb._cdb_addtriggers(dataset);
  return dataset;
end $$;

create or replace function cartodb.cdb_cartodbfytable(reloid regclass) returns regclass language sql as $$
  select cartodb.cdb_cartodbfytable('public', reloid)
$$;
`

export const cartodbfy = [inspect, rewrite, equip].join("\n")
