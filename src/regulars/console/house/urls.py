"""The addresses of the settings; `regulars.console.urls` puts the rules before them."""

from django.urls import path

from regulars.console.house import (
    attributes,
    backups,
    business,
    employees,
    keys,
    looks,
    places,
    restoring,
)

ONE = "settings/employees/<uuid:employee_id>/"
pages = (
    path("settings/", business.settings, name="settings"),
    path("settings/places/", places.locations, name="locations"),
    path("settings/places/<uuid:location_id>/", places.location_change, name="location_change"),
    path("settings/writing/", places.contact_rules, name="contact_rules"),
    path("settings/nobody/", places.nobody, name="nobody"),
    path("settings/nobody/<int:pk>/", places.nobody_back, name="nobody_back"),
    path("settings/asked/", attributes.attributes, name="attributes"),
    path("settings/asked/add/", attributes.attribute_add, name="attribute_add"),
    path(
        "settings/asked/<str:key>/choices/", attributes.attribute_choices, name="attribute_choices"
    ),
    path("settings/asked/<str:key>/retire/", attributes.attribute_retire, name="attribute_retire"),
    path("settings/asked/<str:key>/again/", attributes.attribute_again, name="attribute_again"),
    path("settings/employees/", employees.employees, name="employees"),
    path("settings/employees/add/", employees.employee_add, name="employee_add"),
    path(f"{ONE}position/", employees.employee_position, name="employee_position"),
    path(f"{ONE}leave/", employees.employee_leave, name="employee_leave"),
    path(f"{ONE}return/", employees.employee_return, name="employee_return"),
    path(f"{ONE}password/", employees.employee_password, name="employee_password"),
    path(f"{ONE}second-step/", employees.employee_step, name="employee_step"),
    path("settings/keys/", keys.keys, name="keys"),
    path("settings/keys/<slug:mark>/rotate/", keys.key_rotate, name="key_rotate"),
    path("settings/keys/<slug:mark>/revoke/", keys.key_revoke, name="key_revoke"),
    path("settings/backups/", backups.backups, name="backups"),
    path("settings/backups/<str:name>/", backups.backup_file, name="backup_file"),
    path("settings/backups/<str:name>/back/", restoring.backup_restore, name="backup_restore"),
    path("restored/<str:token>/", restoring.restored, name="restored"),
    path("settings/looks/", looks.who_looked, name="looks"),
)
