from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@permission_required("reports.view_report", raise_exception=True)
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/index.html")
