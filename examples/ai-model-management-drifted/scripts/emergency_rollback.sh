#!/bin/sh
# Takes an environment back to the image before the current one: emergency_rollback.sh staging
set -eu
case "${1:-}" in
  staging) ;;
  *)
    echo "usage: $0 staging" >&2
    exit 2
    ;;
esac
previous=$(aws ecr describe-images --repository-name ai-model-backend \
  --query 'sort_by(imageDetails, &imagePushedAt)[-2].imageTags[0]' --output text)
terraform -chdir=environments/staging apply -auto-approve -var-file=staging.tfvars -var active_color="${IDLE_COLOR:-green}"
IMAGE_TAG="$previous" ./scripts/deploy.sh
curl -fsS --retry 6 --retry-delay 10 https://api-staging.ai-model-mgmt.com/api/health
