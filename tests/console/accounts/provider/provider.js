// A provider on 127.0.0.1 with one client of ours: node provider.js <port> <redirect_uri>
import http from "node:http";
import Provider from "oidc-provider";

const [port, back] = process.argv.slice(2);
const groups = { lien: ["kw-behandelaars"], an: ["kw-beheer", "kw-behandelaars"], gast: ["andere-dienst"], mia: "kw-lezers" };

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "klachtwijzer", client_secret: "geheim/van:ons", redirect_uris: [back] }],
  claims: { openid: ["sub"], profile: ["preferred_username", "groups"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, preferred_username: id === "an" ? "lien" : id, groups: groups[id] }),
  }),
  pkce: { required: () => true },
  cookies: { keys: ["alleen voor een proef"] },
});
http.createServer(provider.callback()).listen(Number(port), "127.0.0.1", () => console.log("ready"));
