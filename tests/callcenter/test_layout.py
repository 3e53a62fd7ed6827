"""The base layout: toasts, icons, badges, the live connection, placeholders."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string

from callcenter.finders import FILES, ICON_NAMES, SPRITE
from callcenter.live import toast
from callcenter.templatetags.badges import UNKNOWN, badge, colour_of
from calls.models import AnsweredBy, CallStatus
from campaigns.models import CampaignStatus, ContactStatus, Disposition

TEMPLATES = sorted(Path(settings.BASE_DIR / "templates").rglob("*.html"))
GREY = {"draft", "finished", "canceled", "not_interested"}


def rendered(text: str, **context) -> str:
    return Template("{% load portal badges %}" + text).render(Context(context))


class Message:
    def __init__(self, level_tag: str) -> None:
        self.level_tag = level_tag

    def __str__(self) -> str:
        return "Words <b>"


@pytest.mark.parametrize(("level", "role"), [("success", "status"), ("info", "status"), ("error", "alert")])
def test_messages_are_toasts_in_a_live_region(level, role):
    page = render_to_string("partials/toasts.html", {"messages": [Message(level)]})
    assert 'aria-live="polite"' in page
    assert f'role="{role}" data-level="{level}"' in page
    assert "Words &lt;b&gt;" in page


def test_an_htmx_answer_carries_its_toast_in_a_header():
    response = toast(HttpResponse(), "success", "Guardado")
    assert response["HX-Trigger"] == '{"toast": {"level": "success", "text": "Guardado"}}'


def test_every_level_of_messages_has_its_toast_style():
    css = (settings.BASE_DIR / "static/css/portal.css").read_text()
    levels = [tag for level, tag in constants.DEFAULT_TAGS.items() if level != constants.DEBUG]
    assert all(f".toast-{tag}" in css for tag in levels)


@pytest.mark.parametrize("choices", [CampaignStatus, ContactStatus, CallStatus, AnsweredBy, Disposition])
def test_every_status_has_a_colour_of_its_own(choices):
    plain = {value for value in choices.values if colour_of(value) == UNKNOWN}
    assert plain <= GREY


def test_a_badge_shows_the_label_and_escapes_it():
    assert badge("running", "<b>") == '<span class="badge badge-green" data-value="running">&lt;b&gt;</span>'
    assert badge("") == ""


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_templates_use_only_icons_of_the_sprite_and_nothing_inline(template):
    text = template.read_text()
    assert set(re.findall(r'{% icon "([\w-]+)"', text)) <= set(ICON_NAMES.split())
    html = re.sub(r"{%.*?%}|{{.*?}}", "", text)
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script>|javascript:", html)


def test_the_sprite_holds_every_named_icon():
    sprite = Path(finders.find(SPRITE)).read_text()
    assert re.findall(r'<symbol id="([\w-]+)"', sprite) == sorted(ICON_NAMES.split())


def test_vendor_files_are_found_and_ask_for_no_source_map():
    for name in FILES:
        assert "sourceMappingURL" not in Path(finders.find(name)).read_text()


def test_only_named_files_of_the_packages_are_collected():
    assert finders.find("vendor/tabler.css") is None
    assert finders.find("@tabler/core/dist/css/tabler.min.css") is None


def test_a_page_listens_to_its_topic(settings):
    part = rendered('{% live "calls" "0198" %}')
    assert f'ws-connect="{settings.PUBLIC_WS_URL}/live/calls/0198"' in part


def test_an_icon_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in rendered('{% icon "home" %}')


def test_a_placeholder_keeps_the_height_of_what_loads():
    assert 'class="skeleton skeleton-chart' in rendered('{% skeleton 4 "chart" %}')
