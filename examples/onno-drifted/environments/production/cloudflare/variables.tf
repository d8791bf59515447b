variable "cloudflare_zone_id" {
  description = "Zone id of onno.app at Cloudflare."
  type        = string
  default     = "0123456789abcdef0123456789abcdef"
}

variable "web_origin" {
  description = "Host that serves the web application behind the proxy."
  type        = string
  default     = "cname.vercel-dns.com"
}
