/** The quotas of the data services, and the SQL functions that tell them (platform reference, §18). */
import { publicRole } from "../sql/roles.ts"
import { stateSchema } from "../sql/state.ts"

// Hard limits of zero: the services themselves are not here.
const values = ["isolines", "hires_geocoder", "routing", "observatory"]
  .map((service) => `('${service}', 0, 0, false, 'local')`)
  .join(", ")

const columns = "service text, monthly_quota numeric, used_quota numeric, soft_limit boolean, provider text"

/** Each function checks the role that calls it, and reads what only the superuser reaches. */
export const serviceQuotas = `
create table if not exists ${stateSchema}.service_quotas (
  service text primary key,
  monthly_quota numeric,
  used_quota numeric not null,
  soft_limit boolean not null,
  provider text not null
);
insert into ${stateSchema}.service_quotas values ${values} on conflict do nothing;

create schema if not exists cdb_dataservices_client;
grant usage on schema cdb_dataservices_client to public;

create or replace function cdb_dataservices_client._service_quotas()
returns table (${columns}) language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select service, monthly_quota, used_quota, soft_limit, provider from ${stateSchema}.service_quotas
$$;

create or replace function cdb_dataservices_client.cdb_service_quota_info()
returns table (${columns}) language plpgsql stable as $$
begin
  if current_user = '${publicRole}' then
    raise exception 'The api_key must be provided';
  end if;
  return query select * from cdb_dataservices_client._service_quotas();
end $$;

create or replace function cdb_dataservices_client.cdb_service_quota_info_batch()
returns table (${columns}, max_batch_size numeric) language sql stable as $$
  select *, 1::numeric from cdb_dataservices_client.cdb_service_quota_info()
$$;

create or replace function cdb_dataservices_client.cdb_enough_quota(service text, input_size numeric)
returns boolean language sql stable as $$
  select coalesce(bool_or(soft_limit or used_quota + $2 <= monthly_quota), false)
  from cdb_dataservices_client.cdb_service_quota_info() info where info.service = $1
$$;
`
