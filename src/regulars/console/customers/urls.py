"""The addresses of the list of customers."""

from django.urls import path

from regulars.console.customers import adding, export, finding, saved_views

pages = (
    path("customers/", finding.customers, name="customers"),
    path("customers/add/", adding.customer_add, name="customer_add"),
    path("customers/list.csv", export.customers_export, name="customers_export"),
    path("customers/views/add/", saved_views.view_add, name="view_add"),
    path("customers/views/<uuid:view_id>/forget/", saved_views.view_forget, name="view_forget"),
)
