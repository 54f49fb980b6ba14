# Hand-over from Exchange Server or Exchange Online. Exchange speaks no LMTP to others, so there are three ways; all keep
# the mail with Exchange until we have it.
#
# 1. A Postfix between them (preferred). Exchange sends the mailbox's mail to Postfix, which hands it over by LMTP as in
#    postfix.cf. Nothing is opened to the internet but what is open now.
New-SendConnector -Name "Klachtwijzer" -Usage Custom `
    -AddressSpaces "SMTP:klachten.opgroeien.example;1" `
    -SmartHosts "postfix.intern.opgroeien.example" -DNSRoutingEnabled $false `
    -RequireTLS $true -TlsAuthLevel DomainValidation -TlsDomain "postfix.intern.opgroeien.example"
# The mailbox keeps its own copy and forwards one; the answer address keeps its part behind the plus.
Set-OrganizationConfig -DisablePlusAddressInRecipients $false
Set-Mailbox "klachten" -ForwardingSmtpAddress "klachten@klachten.opgroeien.example" -DeliverToMailboxAndForward $true

# 2. Straight to our SMTP door, with TLS and a login (KLACHTWIJZER_SMTP_CERT, KLACHTWIJZER_SMTP_LOGIN); the same connector
#    with -SmartHosts of that machine and -SmartHostAuthMechanism BasicAuthRequireTLS -AuthenticationCredential (Get-Credential).

# 3. Exchange Online without any way in: our IMAP door reads the mailbox with an app of its own (IMAP.AccessAsApp), see
#    docs/operate.md. Let the app open that one mailbox and no other:
New-ServicePrincipal -AppId "<client id>" -ObjectId "<object id>" -DisplayName "Klachtwijzer"
Add-MailboxPermission -Identity "klachten" -User "<object id>" -AccessRights FullAccess
