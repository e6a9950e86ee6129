// Passkeys: asks the device, puts its answer into the form's hidden field and sends the form.
// A form says what it does by data-passkey: "create", "get", or "login", which fetches its options.

const decode = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const decodeIds = (list = []) => list.map((one) => ({ ...one, id: decode(one.id) }));

function forCreation({ publicKey }) {
  return {
    ...publicKey,
    challenge: decode(publicKey.challenge),
    user: { ...publicKey.user, id: decode(publicKey.user.id) },
    excludeCredentials: decodeIds(publicKey.excludeCredentials),
  };
}

function forRequest({ publicKey }) {
  return {
    ...publicKey,
    challenge: decode(publicKey.challenge),
    allowCredentials: decodeIds(publicKey.allowCredentials),
  };
}

function asJson(credential) {
  const { response } = credential;
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = encode(response[name]);
  }
  if (response.getTransports) parts.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: parts,
  });
}

const written = (form) => JSON.parse(form.querySelector("#passkey-options").textContent);

async function create(form) {
  const publicKey = forCreation(written(form).creation_options);
  const alone = form.elements.passwordless?.checked ?? false;
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    userVerification: "required",
  };
  return navigator.credentials.create({ publicKey });
}

async function get(form) {
  return navigator.credentials.get({ publicKey: forRequest(written(form).request_options) });
}

async function login(form) {
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const { request_options: options } = await answer.json();
  return navigator.credentials.get({ publicKey: forRequest(options) });
}

const ceremonies = { create, get, login };

function say(form, name) {
  const place = form.querySelector("[data-passkey-error]");
  place.querySelector("span").textContent = place.dataset[name];
  place.hidden = false;
}

async function perform(event) {
  event.preventDefault();
  const form = event.currentTarget;
  form.querySelector("[data-passkey-error]").hidden = true;
  try {
    const credential = await ceremonies[form.dataset.passkey](form);
    form.elements.credential.value = asJson(credential);
    form.submit();
  } catch (error) {
    say(form, error.name === "NotAllowedError" || error.name === "InvalidStateError" ? "refused" : "failed");
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", perform);
  }
}
