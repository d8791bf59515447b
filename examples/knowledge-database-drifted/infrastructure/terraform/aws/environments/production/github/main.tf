resource "github_branch_protection" "main" {
  repository_id = "knowledge-database"
  pattern       = "main"

  allows_force_pushes = false
  enforce_admins      = true

  required_pull_request_reviews {
    required_approving_review_count = 1
    dismiss_stale_reviews           = true
  }
}
