"""What a person may ask of the back office: to be told what is known of them, and to be one contact."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import audit
from contacts.access import may_see_numbers
from contacts.models import Contact
from contacts.personal_data import describe_person
from contacts.services import merge_contacts

CONFIRMED = "confirmed"


class PersonActions(admin.ModelAdmin):
    actions = ["download_personal_data", "merge_selected"]

    def has_numbers_permission(self, request: HttpRequest) -> bool:
        return may_see_numbers(request.user)

    @admin.action(description=gettext_lazy("Download everything known of the selected"), permissions=["numbers"])
    def download_personal_data(self, request: HttpRequest, queryset: QuerySet[Contact]) -> HttpResponse:
        contacts = list(queryset)
        for contact in contacts:
            audit.record(action="download_personal_data", subject=contact, user=request.user)  # type: ignore[arg-type]
        told = [describe_person(contact) for contact in contacts]
        response = JsonResponse(told, safe=False, json_dumps_params={"indent": 2, "ensure_ascii": False})
        response["Content-Disposition"] = 'attachment; filename="personal-data.json"'
        return response

    @admin.action(description=gettext_lazy("Merge the selected into one"), permissions=["numbers", "delete"])
    def merge_selected(self, request: HttpRequest, queryset: QuerySet[Contact]) -> HttpResponse | None:
        """The oldest takes over the others, once that was confirmed."""
        target, *others = queryset.order_by("created_at", "pk")
        if not others:
            self.message_user(request, _("Select at least two contacts."), messages.ERROR)
            return None
        if CONFIRMED not in request.POST:
            return self._confirmation(request, target, others)
        merge_contacts(target=target, others=others, user=request.user)  # type: ignore[arg-type]
        count = len(others)
        done = ngettext("%(count)d contact was merged.", "%(count)d contacts were merged.", count) % {"count": count}
        self.message_user(request, done, messages.SUCCESS)
        return None

    def _confirmation(self, request: HttpRequest, target: Contact, others: list[Contact]) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": _("Merge contacts"),
            "opts": self.opts,
            "target": target,
            "others": others,
            "selected_name": ACTION_CHECKBOX_NAME,
            "confirmed_name": CONFIRMED,
        }
        return TemplateResponse(request, "contacts/admin/merge.html", context)
