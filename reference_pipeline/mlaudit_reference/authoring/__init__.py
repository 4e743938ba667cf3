"""The definition of the pipeline once more, written with the SageMaker SDK.

What the project's own writer makes is held against what the SDK makes of the same manifest: where
the two agree, the writer speaks the language of the service. The SDK is needed for that alone
(``mlaudit[sagemaker]``).
"""
