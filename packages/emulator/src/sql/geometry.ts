/** Functions on geometries and tiles. */

export const geometry = `
-- Web Mercator cannot hold the poles: what lies beyond is cut off, and NULL when nothing is left or it cannot be
-- transformed. Only the rare geometry that needs cutting pays for an exception block. All names are qualified, because
-- a search_path of its own would cost each call as much as the work.
create or replace function cartodb._cdb_cuttowebmercator(geom public.geometry) returns public.geometry
language plpgsql immutable parallel safe as $$
declare
  srid constant integer := public.ST_SRID(geom);
  world constant public.geometry := public.ST_MakeEnvelope(-180, -85.0511287798066, 180, 85.0511287798066, 4326);
  inside public.geometry;
begin
  if geom is null or srid = 3857 then
    return geom;
  end if;
  begin
    inside := public.ST_Intersection(case srid when 4326 then geom else public.ST_Transform(geom, 4326) end, world);
    return case when public.ST_IsEmpty(inside) then null else public.ST_Transform(inside, 3857) end;
  exception when others then
    return null;
  end;
end $$;

-- SQL, and so short, that PostgreSQL puts it into the statement that calls it: half the price of a call for each row.
create or replace function cartodb.cdb_transformtowebmercator(geom public.geometry) returns public.geometry
language sql immutable parallel safe as $$
  select case
    when geom operator(public.@) public.ST_MakeEnvelope(-180, -85.0511287798066, 180, 85.0511287798066, 4326)
      and public.ST_SRID(geom) = 4326 then public.ST_Transform(geom, 3857)
    else cartodb._cdb_cuttowebmercator(geom)
  end
$$;

create or replace function cartodb.cdb_latlng(lat numeric, lng numeric) returns public.geometry
language sql immutable parallel safe as $$ select public.ST_SetSRID(public.ST_MakePoint(lng, lat), 4326) $$;

create or replace function cartodb.cdb_latlng(lat float8, lng float8) returns public.geometry
language sql immutable parallel safe as $$ select public.ST_SetSRID(public.ST_MakePoint(lng, lat), 4326) $$;

create or replace function cartodb.cdb_xyz_extent(x integer, y integer, z integer) returns public.geometry
language sql immutable parallel safe as $$ select public.ST_TileEnvelope(z, x, y) $$;

-- Metres per pixel of a 256-pixel tile.
create or replace function cartodb.cdb_xyz_resolution(z integer) returns float8
language sql immutable parallel safe as $$ select 6378137.0 * 2.0 * pi() / 256.0 / power(2.0, z) $$;
`
