"""What ``mlaudit remediate`` does once its options are parsed."""
