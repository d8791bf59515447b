output "bucket_names" {
  value = { for key, bucket in aws_s3_bucket.this : key => bucket.bucket }
}

# Handed out once the policy is in place: load balancers test the delivery when logging is switched on.
output "log_bucket" {
  value      = aws_s3_bucket.this["backups"].bucket
  depends_on = [aws_s3_bucket_policy.this]
}

output "replica_bucket_arn" {
  value = aws_s3_bucket.replica.arn
}
