# The release starts from this branch; nobody pushes to it without a review.
resource "github_branch_protection" "production" {
  repository_id = "aicc-platform"
  pattern       = "production"

  allows_force_pushes = false
  enforce_admins      = true

  required_pull_request_reviews {
    required_approving_review_count = 1
    dismiss_stale_reviews           = true
  }

  required_status_checks {
    strict = true
  }
}
