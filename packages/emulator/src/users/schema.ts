/** Users, groups and the organization in the database, and the PostgreSQL roles that stand for each of them. */
import { ownHome } from "../Auth.ts"
import { publicRole } from "../sql/roles.ts"
import { stateSchema } from "../sql/state.ts"

export const defaultQuota = 104_857_600

const tables = `
create table if not exists ${stateSchema}.users (
  place integer generated always as identity,
  account text not null,
  id uuid primary key default gen_random_uuid(),
  username text not null,
  email text not null,
  quota_in_bytes bigint not null default ${defaultQuota},
  soft_geocoding_limit boolean not null default false,
  soft_here_isolines_limit boolean not null default false,
  soft_twitter_datasource_limit boolean not null default false,
  soft_mapzen_routing_limit boolean not null default false,
  viewer boolean not null default false,
  org_admin boolean not null default false,
  api_key text,
  created_at bigint not null,
  ready_at bigint not null,
  unique (account, username)
);
alter table ${stateSchema}.users
  add column if not exists password_hash text,
  add column if not exists profile jsonb not null default '{}',
  -- Of the member's tables; the account itself has the role that every account has.
  add column if not exists role text;

create table if not exists ${stateSchema}.organizations (
  account text primary key,
  id uuid not null default gen_random_uuid(),
  created_at bigint not null
);
create table if not exists ${stateSchema}.groups (
  place integer generated always as identity,
  id uuid primary key default gen_random_uuid(),
  account text not null,
  name text not null,
  display_name text not null,
  created_at bigint not null,
  updated_at bigint not null,
  unique (account, name)
);
create table if not exists ${stateSchema}.group_members (
  group_id uuid not null references ${stateSchema}.groups on delete cascade,
  user_id uuid not null references ${stateSchema}.users on delete cascade,
  primary key (group_id, user_id)
);`

/** With whom something can be shared; \`user_schema\` is of users only. */
const views = `
create or replace view ${stateSchema}.identities as
  select id, 'user' as type, case when username = account then '${ownHome.role}' else role end as role,
    case when username = account then '${ownHome.schema}' else username end as user_schema
  from ${stateSchema}.users where username = account or role is not null
  union all
  select id, 'org', 'carto_organization_' || replace(id::text, '-', ''), null from ${stateSchema}.organizations
  union all
  select id, 'group', 'carto_group_' || replace(id::text, '-', ''), null from ${stateSchema}.groups;

-- As whom somebody may see what is shared.
create or replace view ${stateSchema}.memberships as
  select user_schema, id from ${stateSchema}.identities where type = 'user'
  union all
  select u.user_schema, o.id from ${stateSchema}.identities u, ${stateSchema}.organizations o where u.type = 'user'
  union all
  select u.user_schema, m.group_id from ${stateSchema}.identities u
  join ${stateSchema}.group_members m on m.user_id = u.id;`

const functions = `
create or replace function ${stateSchema}.make_role(role_name text) returns void language plpgsql as $$
begin
  if not exists (select from pg_roles where rolname = role_name) then
    execute format('create role %I', role_name);
  end if;
end $$;

-- Another database of the server may still know the role, which then stays.
create or replace function ${stateSchema}.drop_role(role_name text) returns void language plpgsql as $$
begin
  if exists (select from pg_roles where rolname = role_name) then
    perform pg_terminate_backend(pid) from pg_stat_activity where usename = role_name;
    execute format('drop owned by %I cascade', role_name);
    begin
      execute format('drop role %I', role_name);
    exception when dependent_objects_still_exist then null;
    end;
  end if;
end $$;

-- A group, or the organization as a whole, is a role that its members have.
create or replace function ${stateSchema}.join_role(identity uuid, member uuid) returns void language plpgsql as $$
declare
  collective constant text := (select role from ${stateSchema}.identities where id = identity);
  one constant text := (select role from ${stateSchema}.identities where id = member);
begin
  perform ${stateSchema}.make_role(collective);
  execute format('grant %I to %I', collective, one);
end $$;

create or replace function ${stateSchema}.leave_role(identity uuid, member uuid) returns void language plpgsql as $$
declare
  collective constant text := (select role from ${stateSchema}.identities where id = identity);
  one constant text := (select role from ${stateSchema}.identities where id = member);
begin
  execute format('revoke %I from %I', collective, one);
end $$;

-- Viewers make nothing.
create or replace function ${stateSchema}.set_viewer(member uuid) returns void language plpgsql as $$
declare
  one record;
begin
  select username, viewer, role into one from ${stateSchema}.users where id = member;
  if one.role is null then
    return;
  elsif one.viewer then
    execute format('revoke create on schema %I from %I', one.username, one.role);
  else
    execute format('grant create on schema %I to %I', one.username, one.role);
  end if;
end $$;

-- A member's schema is reachable for all, its tables only for whom they are shared with.
create or replace function ${stateSchema}.make_home(member uuid) returns void language plpgsql as $$
declare
  one record;
  home constant text := 'carto_user_' || replace(member::text, '-', '');
  organization uuid;
begin
  select * into one from ${stateSchema}.users where id = member;
  perform ${stateSchema}.make_role(home);
  execute format('grant ${publicRole} to %I', home);
  execute format('grant temporary on database %I to %I', current_database(), home);
  execute format('create schema if not exists %I authorization %I', one.username, home);
  execute format('grant usage on schema %I to public', one.username);
  execute format('grant select, insert, update, delete on cartodb.cdb_tablemetadata to %I', home);
  execute format('grant select on cartodb.cdb_tablemetadata_text to %I', home);
  update ${stateSchema}.users set role = home where id = member;
  select id into organization from ${stateSchema}.organizations where account = one.account;
  if organization is not null then
    perform ${stateSchema}.join_role(organization, member);
  end if;
  perform ${stateSchema}.set_viewer(member);
end $$;

-- The maps and datasets of a schema, with the tables that are the user's but no dataset, and with the user's keys.
create or replace function ${stateSchema}.empty_home(home text, owner_role text, username text) returns void language plpgsql as $$
declare
  relation record;
  api_key record;
begin
  perform ${stateSchema}.forget_visualization(id) from ${stateSchema}.visualizations v where v.schema = home;
  for api_key in
    select role from ${stateSchema}.api_keys k where k.account = username and k.type = 'regular'
  loop
    perform ${stateSchema}.drop_role(api_key.role);
  end loop;
  -- Before the rows are gone that tell of its tables.
  perform ${stateSchema}.forget_observatory(username);
  -- What services keep for each account: keys, templates, kuviz, subscriptions and the like.
  for relation in
    select format('%I.%I', n.nspname, c.relname) as name from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = '${stateSchema}'
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'account' and not a.attisdropped
    where c.relkind = 'r' and c.relname not in ('users', 'organizations', 'groups')
  loop
    execute format('delete from %s where account = %L', relation.name, username);
  end loop;
  for relation in
    select format('%I.%I', n.nspname, c.relname) as name, case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end as kind
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.oid = c.relowner
    where r.rolname = owner_role and c.relkind in ('r', 'p', 'v', 'm') and n.nspname <> '${stateSchema}'
  loop
    execute format('drop %s if exists %s cascade', relation.kind, relation.name);
  end loop;
end $$;

create or replace function ${stateSchema}.drop_home(member uuid) returns void language plpgsql as $$
declare
  one record;
begin
  select * into one from ${stateSchema}.users where id = member;
  if one.role is not null then
    perform ${stateSchema}.empty_home(one.username, one.role, one.username);
    execute format('drop schema if exists %I cascade', one.username);
    perform ${stateSchema}.drop_role(one.role);
  end if;
  delete from ${stateSchema}.users where id = member;
end $$;`

/** Run by the superuser. To run it again changes nothing that is kept. */
export const schema = [tables, views, functions].join("\n")
