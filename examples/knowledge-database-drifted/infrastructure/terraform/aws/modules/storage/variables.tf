variable "uploads_bucket" {
  type = string
}
