# The apex is proxied: CDN, DDoS protection and TLS in front of the web application.
resource "cloudflare_record" "apex" {
  zone_id = var.cloudflare_zone_id
  name    = "onno.app"
  type    = "CNAME"
  content = var.web_origin
  proxied = true
}
