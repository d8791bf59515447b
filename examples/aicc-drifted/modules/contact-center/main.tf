resource "aws_connect_instance" "this" {
  instance_alias            = "${var.name}-center"
  identity_management_type  = "CONNECT_MANAGED"
  inbound_calls_enabled     = true
  outbound_calls_enabled    = true
  contact_flow_logs_enabled = true
}

resource "aws_connect_contact_flow" "inbound" {
  instance_id = aws_connect_instance.this.id
  name        = "AICC inbound"
  description = "Greets the caller, asks the AI service and hands over to an agent"
  type        = "CONTACT_FLOW"
  content     = file("${path.module}/flows/inbound.json")
}

resource "aws_connect_hours_of_operation" "weekdays" {
  instance_id = aws_connect_instance.this.id
  name        = "Weekdays"
  time_zone   = "Asia/Seoul"

  dynamic "config" {
    for_each = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"]

    content {
      day = config.value

      start_time {
        hours   = 9
        minutes = 0
      }

      end_time {
        hours   = 18
        minutes = 0
      }
    }
  }
}

resource "aws_connect_queue" "this" {
  for_each = var.queues

  instance_id           = aws_connect_instance.this.id
  name                  = each.key
  description           = each.value.description
  status                = each.value.enabled ? "ENABLED" : "DISABLED"
  hours_of_operation_id = aws_connect_hours_of_operation.weekdays.hours_of_operation_id
}

resource "aws_connect_routing_profile" "agents" {
  instance_id               = aws_connect_instance.this.id
  name                      = "AICC agents"
  description               = "Every queue, one call at a time"
  default_outbound_queue_id = aws_connect_queue.this[var.outbound_queue].queue_id

  media_concurrencies {
    channel     = "VOICE"
    concurrency = 1
  }

  dynamic "queue_configs" {
    for_each = aws_connect_queue.this

    content {
      channel  = "VOICE"
      delay    = 0
      priority = 1
      queue_id = queue_configs.value.queue_id
    }
  }
}

resource "aws_kms_key" "recordings" {
  description             = "Call recordings of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_s3_bucket" "recordings" {
  bucket = "${var.name}-call-recordings"
}

resource "aws_s3_bucket_public_access_block" "recordings" {
  bucket = aws_s3_bucket.recordings.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_connect_instance_storage_config" "recordings" {
  instance_id   = aws_connect_instance.this.id
  resource_type = "CALL_RECORDINGS"

  storage_config {
    storage_type = "S3"

    s3_config {
      bucket_name   = aws_s3_bucket.recordings.id
      bucket_prefix = "calls"
    }
  }
}
