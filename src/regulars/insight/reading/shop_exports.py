"""The exports of shop systems: how they are told, and what their columns are."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Export:
    """An export format of a shop system.

    Attributes:
        name: Of the system.
        signs: Columns that, together, only this export has.
        columns: Ours to theirs; the first of several that the file has is taken.
        articles: How the names of columns about one article begin, in the form of `columns.key_of`,
            where the export writes a line for each; every other column is about the order, on any
            one of its lines or on all of them.
        cancelled: Columns whose text, in small letters, matches a pattern in orders that were
            cancelled, failed or never paid.
        refunded: Columns likewise that say that an order was wholly refunded.
        contacts: ``email`` and ``phone`` to their columns besides, the surest first.
        guest: The id that all customers without an account share, if there is one.
    """

    name: str
    signs: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    articles: tuple[str, ...] = ()
    cancelled: Mapping[str, str] = field(default_factory=dict)
    refunded: Mapping[str, str] = field(default_factory=dict)
    contacts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    guest: str | None = None


FILLED = r"\S"
REFUNDED = "^(wc-)?refunded$"
WOOCOMMERCE_CANCELLED = (
    "^(wc-)?(cancell?ed|failed|pending( payment)?|(checkout-|auto-)?draft|trash)$"
)
STRIPE_CANCELLED = "^(failed|cancell?ed|blocked|incomplete|uncaptured|requires[_ ].*|expired)$"


EXPORTS = (
    Export(
        name="Shopify",
        signs=("Name", "Email", "Financial Status", "Total"),
        columns={
            "customer_id": ("Email",),
            "occurred_at": ("Created at", "Paid at"),
            "amount": ("Total",),
            "order_id": ("Name",),
            "currency": ("Currency",),
            "customer_name": ("Billing Name", "Shipping Name"),
            "refunded_amount": ("Refunded Amount",),
        },
        articles=("lineitem",),
        contacts={"phone": ("Phone", "Billing Phone", "Shipping Phone")},
        cancelled={"Financial Status": "^(voided|expired)$", "Cancelled at": FILLED},
        refunded={"Financial Status": REFUNDED},
    ),
    Export(
        name="WooCommerce",
        signs=("Order Number", "Order Date", "Order Total Amount"),
        columns={
            "customer_id": ("Email (Billing)", "Customer Email", "Customer User ID"),
            "occurred_at": ("Order Date",),
            "amount": ("Order Total Amount",),
            "order_id": ("Order Number",),
            "currency": ("Order Currency", "Currency"),
            "customer_name": ("Full Name (Billing)",),
            "refunded_amount": ("Order Refund Amount",),
        },
        articles=("item", "product"),
        contacts={"phone": ("Phone (Billing)",)},
        cancelled={"Order Status": WOOCOMMERCE_CANCELLED},
        refunded={"Order Status": REFUNDED},
        guest="0",
    ),
    Export(
        name="WooCommerce",
        signs=("Order #", "Date", "Customer", "Net Sales"),
        columns={
            "customer_id": ("Customer",),
            "occurred_at": ("Date",),
            "amount": ("Net Sales",),
            "order_id": ("Order #",),
            "currency": ("Currency",),
        },
        cancelled={"Status": WOOCOMMERCE_CANCELLED},
        refunded={"Status": REFUNDED},
    ),
    Export(
        name="WooCommerce",
        signs=("order_id", "date_created", "billing_email"),
        columns={
            "customer_id": ("billing_email",),
            "occurred_at": ("date_created",),
            "amount": ("total", "order_total"),
            "order_id": ("order_id",),
            "currency": ("currency", "order_currency"),
            "refunded_amount": ("total_refunded",),
        },
        articles=("item", "lineitem", "product"),
        contacts={"phone": ("billing_phone",)},
        cancelled={"status": WOOCOMMERCE_CANCELLED, "order_status": WOOCOMMERCE_CANCELLED},
        refunded={"status": REFUNDED, "order_status": REFUNDED},
        guest="0",
    ),
    Export(
        name="Square",
        signs=("Gross Sales", "Net Sales", "Transaction ID", "Customer ID"),
        columns={
            "customer_id": ("Customer ID",),
            "occurred_at": ("Date",),
            "amount": ("Net Sales",),
            "order_id": ("Transaction ID",),
            "customer_name": ("Customer Name",),
        },
    ),
    Export(
        name="Stripe",
        signs=("id", "Amount", "Amount Refunded", "Customer ID", "Currency"),
        columns={
            "customer_id": ("Customer ID",),
            "occurred_at": ("Created date (UTC)", "Created (UTC)", "Created"),
            "amount": ("Amount",),
            "order_id": ("id",),
            "currency": ("Currency",),
            "refunded_amount": ("Amount Refunded",),
        },
        contacts={"email": ("Customer Email",), "phone": ("Customer Phone",)},
        cancelled={"Status": STRIPE_CANCELLED, "Captured": "^false$"},
        refunded={"Status": REFUNDED},
    ),
)
