"""What mlaudit deploys to remediate: templates, pipeline definitions and the code they run."""
