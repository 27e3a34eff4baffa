import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as ApiKey from "../src/ApiKey.ts"
import * as DataSubscription from "../src/DataSubscription.ts"
import * as KuvizPage from "../src/KuvizPage.ts"
import { Organization } from "../src/Organization.ts"
import * as Permission from "../src/Permission.ts"
import { Synchronization } from "../src/Synchronization.ts"
import * as Table from "../src/Table.ts"
import * as User from "../src/User.ts"
import { Visualization, VisualizationTable } from "../src/Visualization.ts"
import { VisualizationExport } from "../src/VisualizationExport.ts"
import * as examples from "./examples.ts"
import * as account from "./fixtures/account.ts"

/** Examples, whose members all decode: one that a schema does not know is an error here. */
const objects: ReadonlyArray<readonly [string, Schema.Codec<unknown, unknown>, unknown]> = [
  ["a visualization of a list (Appendix A)", Visualization, examples.listed],
  ["a visualization by itself (§8.4)", Visualization, examples.detail],
  ["a map", Visualization, examples.map],
  ["a visualization for strangers (Appendix A)", Visualization, examples.publicListed],
  ["a table (Appendix A)", Table.Table, examples.tableDetail],
  ["names of tables (§13)", Schema.Array(Table.AccessibleTable), examples.accessible],
  ["a permission (§10.2)", Permission.Permission, examples.permission],
  ["a synchronization (§7.1)", Synchronization, examples.synchronization],
  ["keys in a list (§12.4)", Schema.Array(ApiKey.ApiKey), account.keyList([account.apiKey, account.masterKey]).result],
  ["whose a key is (§14.3)", User.Me, account.meWithProfile],
  ["a member just made (Appendix A)", User.ManagedUser, account.managedUser],
  ["a member (§14.1)", User.Member, examples.owner],
  ["the own account (§14.2)", User.OwnAccount, account.ownAccount],
  ["an organization (§14.6)", Organization, account.organization],
  ["a subscription (Appendix A)", DataSubscription.DataSubscription, account.subscription],
  ["terms of a subscription (§16.1)", DataSubscription.SubscriptionInfo, account.subscriptionInfo]
]

const ofUser = `id name last_name username email avatar_url website description location twitter_username disqus_shortname
  available_for_hire base_url google_maps_query_string quota_in_bytes table_count viewer role_display org_admin
  public_visualization_count all_visualization_count org_user remove_logo groups basemaps db_size_in_bytes industry
  company_employees use_case company phone job_role`

/** The members that the tables of the reference name. */
const tables: ReadonlyArray<readonly [string, Schema.Struct<Schema.Struct.Fields>, string]> = [
  [
    "§8.1",
    Visualization,
    `id name display_name type tags description privacy created_at updated_at source title license attributions kind map_id
     active_layer_id locked external_source url version prev_id next_id parent_id transition_options active_child children
     sample subscription related_tables synchronization uses_builder_features stats auth_tokens liked permission table user
     related_canonical_visualizations related_canonical_visualizations_count dependent_visualizations
     dependent_visualizations_count`
  ],
  ["§8.2", VisualizationTable, "id name geometry_types privacy updated_at synchronization size row_count permission"],
  [
    "§9.1",
    Table.Table,
    `id name privacy schema updated_at rows_counted table_size map_id description geometry_types table_visualization
     dependent_visualizations non_dependent_visualizations synchronization warnings`
  ],
  ["§10.2", Permission.Permission, "id owner entity acl created_at updated_at"],
  ["§10.3", Permission.Grantable, "id type name avatar_url model"],
  ["§11", VisualizationExport, "id visualization_id user_id state url created_at updated_at"],
  ["§12.1", ApiKey.ApiKey, "name user type token grants created_at updated_at _links"],
  ["§14.1, of a list", User.Member, ofUser],
  ["§14.1, of an owner", Permission.Owner, ofUser],
  ["§14.5", User.ManagedUser, `${ofUser} soft_geocoding_limit api_key`],
  [
    "§14.2",
    User.OwnAccount,
    `id email username state name last_name created_at account_type account_type_display_name table_quota public_map_quota
     public_dataset_quota private_map_quota regular_api_key_quota table_count viewer org_admin role_display industry
     company_employees use_case company phone job_role public_visualization_count public_privacy_map_count
     link_privacy_map_count password_privacy_map_count private_privacy_map_count owned_visualization_count
     all_visualization_count visualization_count failed_import_count success_import_count import_count
     last_visualization_created_at quota_in_bytes db_size_in_bytes db_size_in_megabytes remaining_table_quota
     remaining_byte_quota storage map_views map_views_quota unverified geocoding here_isolines mapzen_routing
     geocoder_provider isolines_provider routing_provider twitter salesforce mailchimp billing_period next_billing_period
     api_key layers trial_ends_at upgraded_at show_trial_reminder show_upgraded_message actions limits notification
     email_notifications avatar_url feature_flags base_url needs_password_confirmation description website twitter_username
     disqus_shortname location available_for_hire mfa_configured is_enterprise do_enabled do_bq_project do_bq_dataset
     google_maps_private_key organization groups mobile_apps`
  ],
  [
    "§14.4",
    User.Dashboard,
    `user_data default_fallback_basemap dashboard_notifications organization_notifications
     unfiltered_organization_notifications is_just_logged_in is_first_time_viewing_dashboard can_change_email
     auth_username_password_enabled can_change_password plan_name plan_url can_be_deleted cant_be_deleted_reason services
     user_frontend_version asset_host google_sign_in mfa_required license_expiration config`
  ],
  [
    "§14.6",
    Organization,
    `id name display_name description discus_shortname twitter_username location website admin_email avatar_url created_at
     updated_at owner admins quota_in_bytes unassigned_quota geocoding_quota here_isolines_quota mapzen_routing_quota
     map_views_quota twitter_datasource_quota here_isolines_block_price mapzen_routing_block_price map_view_block_price
     geocoding_block_price geocoder_provider isolines_provider routing_provider seats viewer_seats user_count
     password_expiration_in_d random_saml_username available_quota_for_user`
  ],
  ["§15", KuvizPage.KuvizPage, "id name privacy created_at updated_at url"],
  [
    "§16.1",
    DataSubscription.DataSubscription,
    `id dataset_id project dataset table type status created_at expires_at available_in license_type full_access_status_bq
     full_access_status_azure full_access_status_aws full_access_aws_info full_access_azure_info estimated_size
     estimated_row_count estimated_columns_count num_bytes sync_status unsyncable_reason sync_table sync_table_id
     synchronization_id unsynced_errors`
  ]
]

describe("The members of the platform reference", () => {
  for (const [name, schema, example] of objects) {
    it(`all reach whoever decodes ${name}`, () => {
      assert.doesNotThrow(() => Schema.decodeUnknownSync(schema)(example, { onExcessProperty: "error" }))
    })
  }
  for (const [section, schema, members] of tables) {
    it(`those of ${section} are in its schema, and no others`, () => {
      assert.deepStrictEqual(Object.keys(schema.fields).toSorted(), members.split(/\s+/).toSorted())
    })
  }
})
