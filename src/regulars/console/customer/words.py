"""What the things on a customer's page are called."""

from babel.dates import get_month_names

from regulars.kernel.language import language, mark

IDENTITY_NAMES = {
    "phone": mark("Phone number"),
    "email": mark("E-mail address"),
    "external": mark("Number in another system"),
    "card": mark("Card fingerprint"),
    "handle": mark("Name in chats and networks"),
}
PURPOSE_NAMES = {
    "news": mark("News and offers"),
    "care": mark("Care: thanks, greetings, help"),
    "survey": mark("Questions"),
    "community": mark("Groups and gatherings"),
    "profile": mark("A profile: what needs their consent to be kept"),
}
CHANNEL_NAMES = {
    "counter": mark("At the counter"),
    "web": mark("On the web"),
    "email": mark("E-mail"),
    "sms": mark("SMS"),
    "chat": mark("Chat"),
    "app": mark("App"),
    "phone": mark("Phone call"),
    "post": mark("Post"),
}
PREFERENCE_NAMES = {
    "likes": mark("Likes"),
    "avoids": mark("Avoids"),
    "needs": mark("Needs"),
    "pains": mark("What makes it hard for them"),
    "interests": mark("Is interested in"),
    "circumstances": mark("How they live"),
}
SUPPRESSION_NAMES = {
    "never": mark("They asked for it"),
    "complaint": mark("They complained"),
    "bounce": mark("It does not arrive"),
}
LOOK_NAMES = {
    "profile": mark("looked at the page"),
    "timeline": mark("looked at what happened"),
    "export": mark("took everything along"),
    "erasure": mark("erased"),
    "table": mark("took a table along"),
}
TAKEN_NAMES = {
    "customers": mark("all customers"),
    "events": mark("everything that happened"),
    "scores": mark("everybody’s scores"),
    "list": mark("a list of customers"),
    "segment": mark("a segment"),
    "backup": mark("a backup with everything"),
}


def month_words() -> dict[str, str]:
    """The months by their number, in the language in use."""
    names = get_month_names("wide", context="stand-alone", locale=language())
    return {str(number): str(name) for number, name in names.items()}
