POLICY: dict = {}
