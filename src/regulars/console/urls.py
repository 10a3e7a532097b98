"""The addresses of the console, each behind its rule."""

from regulars.console.access import guarded
from regulars.console.customer.urls import pages as customer_pages
from regulars.console.customers.urls import pages as customers_pages
from regulars.console.door.urls import pages as door_pages
from regulars.console.first_run.urls import pages as first_run_pages
from regulars.console.house.urls import pages as house_pages
from regulars.console.jobs.urls import pages as jobs_pages
from regulars.console.mail.urls import pages as mail_pages
from regulars.console.pictures.urls import pages as pictures_pages
from regulars.console.segments.urls import pages as segments_pages
from regulars.console.today.urls import pages as today_pages

PAGES = (
    *today_pages,
    *customers_pages,
    *customer_pages,
    *segments_pages,
    *pictures_pages,
    *house_pages,
    *jobs_pages,
    *mail_pages,
    *door_pages,
    *first_run_pages,
)
urlpatterns = [guarded(page) for page in PAGES]
