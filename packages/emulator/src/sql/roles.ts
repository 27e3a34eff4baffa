/** The two roles that every CARTO account has, and what they may do. */

/** Owns the account's tables: the rights of the master key. Not a superuser. */
export const ownerRole = "carto_owner"

/** Sees what is public: the rights of the key `default_public`, and of nobody at all. */
export const publicRole = "publicuser"

export const roles = `
create role ${ownerRole} nologin;
create role ${publicRole} nologin;

alter schema public owner to ${ownerRole};
revoke all on schema public from public;
grant usage on schema public to public;

create schema cartodb;
grant usage on schema cartodb to public;

do $$
begin
  execute format('grant create, temporary on database %I to ${ownerRole}', current_database());
  execute format('revoke temporary on database %I from public', current_database());
end $$;
`
