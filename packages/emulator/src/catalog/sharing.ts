/** What is shared within the organization, as rights of PostgreSQL's roles (platform reference, §10.2). */

export const sharing = `
-- What an entry of a permission is worth to PostgreSQL.
create or replace function carto_emulator.rights_of(access text) returns text language sql immutable as $$
  select case access when 'r' then 'select' when 'rw' then 'select, insert, update, delete' end
$$;

-- What nobody may any more who has this access.
create or replace function carto_emulator.excess_of(access text) returns text language sql immutable as $$
  select case access when 'r' then 'insert, update, delete, truncate, references, trigger' when 'rw' then null else 'all' end
$$;

-- The rights of users, groups and the organization on a table are those of its permission and no others; those of their
-- API keys are no more than their own.
create or replace function carto_emulator.share_table(reloid regclass, acl jsonb) returns void language plpgsql as $$
declare
  home constant text := (select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = reloid);
  sequences constant regclass[] := array(
    select d.objid::regclass from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S' where d.refobjid = reloid
  );
  relation regclass;
  one record;
begin
  for one in
    select i.role, 'all' as rights from carto_emulator.identities i join pg_roles r on r.rolname = i.role
    where i.user_schema is distinct from home
    union all
    select k.role, carto_emulator.excess_of(carto_emulator.shared_access(acl, u.user_schema))
    from carto_emulator.api_keys k
    join carto_emulator.users p on p.username = k.account
    join carto_emulator.identities u on u.id = p.id
    where k.type = 'regular' and u.user_schema <> home
  loop
    continue when one.rights is null;
    execute format('revoke %s on %s from %I', one.rights, reloid, one.role);
    foreach relation in array sequences loop
      execute format('revoke all on %s from %I', relation, one.role);
    end loop;
  end loop;
  for one in
    select i.role, carto_emulator.rights_of(entry ->> 'access') as rights, entry ->> 'access' = 'rw' as writes
    from jsonb_array_elements(acl) entry join carto_emulator.identities i on i.id::text = entry ->> 'entity'
    where entry ->> 'access' in ('r', 'rw') and i.user_schema is distinct from home
  loop
    execute format('grant %s on %s to %I', one.rights, reloid, one.role);
    foreach relation in array case when one.writes then sequences else '{}' end loop
      execute format('grant usage, select on %s to %I', relation, one.role);
    end loop;
  end loop;
end $$;

-- After a change of who is in a group.
create or replace function carto_emulator.share_tables() returns void language plpgsql as $$
begin
  perform carto_emulator.share_table(table_oid, acl) from carto_emulator.visualizations v
  where table_oid in (select oid from pg_class) and acl <> '[]';
end $$;

-- What a user may do with somebody else's: 'r', 'rw' or nothing.
create or replace function carto_emulator.shared_access(acl jsonb, reader text) returns text language sql stable as $$
  select max(entry ->> 'access') from jsonb_array_elements(acl) entry
  join carto_emulator.memberships m on m.id::text = entry ->> 'entity'
  where m.user_schema = reader and entry ->> 'access' in ('r', 'rw')
$$;
`
