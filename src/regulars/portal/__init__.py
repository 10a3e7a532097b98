"""The portal: the pages that customers come to by a link, on their phones, without an account or a password.

Whoever has the link may use it. No page says whether somebody is known here.
"""
