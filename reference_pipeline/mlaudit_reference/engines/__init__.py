"""Other engines that run the same steps: Step Functions, Airflow, and AWS Batch beneath them."""
