"""The list of customers, its views, and the fields a workspace keeps of its own."""

from django.urls import path

from engagements.views import covers, custom_fields, customer_list, merging

urlpatterns = [
    path("customers/", customer_list.customers, name="customers"),
    path("customers.csv", customer_list.export_customer_list, name="export_customer_list"),
    path("customers/views/new/", customer_list.save_view, name="save_view"),
    path("customers/views/<uuid:view_id>/", customer_list.edit_view, name="edit_view"),
    path("customers/views/<uuid:view_id>/put/", customer_list.put_into_view, name="put_into_view"),
    path("customers/views/<uuid:view_id>/delete/", customer_list.delete_view, name="delete_view"),
    path(
        "customers/views/<uuid:view_id>/restore/", customer_list.restore_view, name="restore_view"
    ),
    path("customers/duplicates/", merging.duplicates, name="duplicates"),
    path("customers/duplicates.csv", merging.export_duplicates, name="export_duplicates"),
    path("customers/<uuid:customer_id>/merge/", merging.merge_customer, name="merge_customer"),
    path("merges/<uuid:merge_id>/undo/", merging.undo_merge, name="undo_merge"),
    path("customers/hand-overs/", covers.hand_overs, name="hand_overs"),
    path("customers/hand-overs.csv", covers.export_hand_overs, name="export_hand_overs"),
    path("customers/hand-overs/new/", covers.hand_over, name="hand_over"),
    path(
        "customers/hand-overs/<uuid:hand_over_id>/undo/",
        covers.undo_hand_over,
        name="undo_hand_over",
    ),
    path("customers/covers/new/", covers.arrange_cover, name="arrange_cover"),
    path("customers/covers/<uuid:cover_id>/cancel/", covers.cancel_cover, name="cancel_cover"),
    path("settings/fields/", custom_fields.custom_fields, name="custom_fields"),
    path("settings/fields.csv", custom_fields.export_custom_fields, name="export_custom_fields"),
    path(
        "settings/fields/new/customer/",
        custom_fields.add_custom_field,
        {"kind": "customer"},
        name="add_customer_field",
    ),
    path(
        "settings/fields/new/engagement/",
        custom_fields.add_custom_field,
        {"kind": "engagement"},
        name="add_engagement_field",
    ),
    path(
        "settings/fields/<uuid:field_id>/",
        custom_fields.edit_custom_field,
        name="edit_custom_field",
    ),
    path(
        "settings/fields/<uuid:field_id>/archive/",
        custom_fields.archive_custom_field,
        name="archive_custom_field",
    ),
    path(
        "settings/fields/<uuid:field_id>/move/",
        custom_fields.move_custom_field,
        name="move_custom_field",
    ),
]
