"""The addresses of the product, and one that goes wrong with secrets in its hands."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from adoptiq.urls import urlpatterns as product


class Broken(RuntimeError):
    """Raised on purpose."""


@csrf_exempt
def fault(request: HttpRequest) -> HttpResponse:
    password, everything = request.POST.get("password"), request.POST.dict()
    raise Broken(f"{len(password or '')} letters, {len(everything)} fields")


urlpatterns = [path("fault/", fault), *product]
