/** The two roles that every CARTO account has, and what they may do. */

/** Owns the account's tables: the rights of the master key. Not a superuser. */
export const ownerRole = "carto_owner"

/** Sees what is public: the rights of the key `default_public`, and of requests without a key. */
export const publicRole = "publicuser"

export const roles = `
do $$
begin
  if not exists (select from pg_roles where rolname = '${ownerRole}') then
    create role ${ownerRole} nologin;
  end if;
  if not exists (select from pg_roles where rolname = '${publicRole}') then
    create role ${publicRole} nologin;
  end if;
  execute format('grant create, temporary on database %I to ${ownerRole}', current_database());
  execute format('revoke temporary on database %I from public', current_database());
end $$;

alter schema public owner to ${ownerRole};
revoke all on schema public from public;
grant usage on schema public to public;

create schema if not exists cartodb;
grant usage on schema cartodb to public;
`
