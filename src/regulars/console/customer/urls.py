"""The addresses of customers' pages; `regulars.console.urls` puts the rules before them."""

from django.urls import path

from regulars.console.customer import (
    about,
    contacting,
    data,
    learning,
    merging,
    noting,
    overview,
    quick,
    receipts,
    remembering,
    writing,
)

ONE = "customers/<uuid:customer_id>/"
pages = (
    path("customers/twice/", merging.duplicates, name="duplicates"),
    path("customers/twice/not/", merging.not_the_same, name="not_the_same"),
    path("customers/merges/<uuid:merge_id>/undo/", merging.merge_undone, name="merge_undone"),
    path(ONE, overview.customer, name="customer"),
    path(f"{ONE}now/", quick.customer_quick, name="customer_quick"),
    path(f"{ONE}visit/", noting.customer_visit, name="customer_visit"),
    path(f"{ONE}purchase/", noting.customer_purchase, name="customer_purchase"),
    path(f"{ONE}purchase/<uuid:event_id>/", noting.customer_refund, name="customer_refund"),
    path(f"{ONE}receipt/", receipts.customer_receipt, name="customer_receipt"),
    path(
        f"{ONE}receipt/<uuid:event_id>/back/",
        receipts.customer_receipt_back,
        name="customer_receipt_back",
    ),
    path(f"{ONE}sender/", noting.customer_sender, name="customer_sender"),
    path(
        f"{ONE}sender/<uuid:event_id>/back/",
        noting.customer_sender_back,
        name="customer_sender_back",
    ),
    path(f"{ONE}preference/", remembering.customer_preference, name="customer_preference"),
    path(f"{ONE}note/", remembering.customer_note, name="customer_note"),
    path(f"{ONE}known/", about.customer_about, name="customer_about"),
    path(f"{ONE}name/", remembering.customer_name, name="customer_name"),
    path(f"{ONE}identity/", remembering.customer_identity, name="customer_identity"),
    path(f"{ONE}learnt/<str:entry_id>/", learning.customer_learnt, name="customer_learnt"),
    path(f"{ONE}date/", remembering.customer_date, name="customer_date"),
    path(
        f"{ONE}attribute/<str:key>/",
        remembering.customer_attribute,
        name="customer_attribute",
    ),
    path(
        f"{ONE}remembered/<str:kind>/<str:entry_id>/",
        remembering.customer_entry,
        name="customer_entry",
    ),
    path(f"{ONE}contact/", contacting.customer_contact, name="customer_contact"),
    path(f"{ONE}write/", writing.customer_write, name="customer_write"),
    path(f"{ONE}ask/", writing.customer_ask, name="customer_ask"),
    path(f"{ONE}consent/", contacting.customer_consent, name="customer_consent"),
    path(f"{ONE}suppress/", contacting.customer_suppress, name="customer_suppress"),
    path(
        f"{ONE}suppress/<uuid:suppression_id>/lift/",
        contacting.customer_lift,
        name="customer_lift",
    ),
    path(f"{ONE}data/", data.customer_data, name="customer_data"),
    path(f"{ONE}looks/", data.customer_looks, name="customer_looks"),
    path(f"{ONE}export/<str:form>/", data.customer_export, name="customer_export"),
    path(f"{ONE}erase/", data.customer_erase, name="customer_erase"),
    path(f"{ONE}merge/", merging.customer_merge, name="customer_merge"),
)
