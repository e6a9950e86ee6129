"""How form fields are dressed."""

import pytest
from django import forms
from django.template.loader import render_to_string

from rendering.templatetags.forms import dressed, is_checkbox


class Example(forms.Form):
    name = forms.CharField(help_text="As it stands on the contract.")
    note = forms.CharField(required=False, widget=forms.Textarea)
    zone = forms.ChoiceField(choices=[("UTC", "UTC")])
    agreed = forms.BooleanField(required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("name", "form-control"),
        ("note", "form-control"),
        ("zone", "form-select"),
        ("agreed", "form-check-input"),
    ],
)
def test_each_kind_of_field_has_its_class(name: str, kind: str) -> None:
    assert f'class="{kind}"' in dressed(Example()[name])


def test_the_hint_is_tied_to_its_field() -> None:
    html = dressed(Example()["name"])
    assert 'aria-describedby="id_name_helptext"' in html
    assert "aria-invalid" not in html


def test_an_error_is_tied_to_its_field_and_stands_beside_it() -> None:
    form = Example({"name": ""})
    html = render_to_string("components/_form.html", {"form": form})
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html
    assert "2 things need another look." in html


def test_a_form_says_what_is_optional_and_keeps_hidden_fields_bare() -> None:
    html = render_to_string("components/_form.html", {"form": Example()})
    assert html.count("optional") == 1
    assert html.count("<label") == 4
    assert 'type="hidden" name="token"' in html


def test_no_placeholder_repeats_the_label() -> None:
    form = Example()
    form.fields["name"].widget.attrs["placeholder"] = "Name"
    assert "placeholder" not in dressed(form["name"])


def test_only_checkboxes_are_checkboxes() -> None:
    form = Example()
    assert [field.name for field in form if is_checkbox(field)] == ["agreed"]
