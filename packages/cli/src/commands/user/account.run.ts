/** The work of `carto user account`. */
import { Users } from "@effect-carto/core/Users"
import * as Effect from "effect/Effect"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

const shape = Records.shape([
  "username",
  "id",
  "email",
  "name",
  "last_name",
  "state",
  "created_at",
  "account_type",
  "account_type_display_name",
  "organization",
  "role_display",
  "viewer",
  "org_admin",
  "base_url",
  "quota_in_bytes",
  "db_size_in_bytes",
  "remaining_byte_quota",
  "table_count",
  "table_quota",
  "remaining_table_quota",
  "public_map_quota",
  "private_map_quota",
  "public_dataset_quota",
  "regular_api_key_quota",
  "owned_visualization_count",
  "import_count",
  "success_import_count",
  "failed_import_count",
  "map_views",
  "map_views_quota",
  "geocoding",
  "here_isolines",
  "mapzen_routing",
  "billing_period",
  "next_billing_period",
  "actions",
  "limits",
  "do_enabled"
])

/** Without what the shape does not name: the master key is among it. */
export const run = () =>
  Records.one(
    shape,
    withSession(
      Users.layer(),
      Effect.map(
        Effect.flatMap(Users, ({ account }) => account),
        ({ organization, ...account }) => ({ ...account, organization: organization?.name })
      )
    )
  )
