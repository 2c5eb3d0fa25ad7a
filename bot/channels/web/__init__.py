"""The website channel: a chat page, the same chat in a frame on other sites, and the HTTP API under both.

Put the chat on another site whose origin is in `allowed_embed_origins`, with one line:

    <script src="https://chat.example.org/widget.js" defer></script>

or, without a button of ours, as a frame:

    <iframe src="https://chat.example.org/embed" title="Chat" referrerpolicy="no-referrer"></iframe>

Begin with `app.create_app`. What a client may send and gets is in openapi.json; what people read is in
bot/content/messages/website.yml.
"""
