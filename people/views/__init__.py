"""The screens about people: choosing a workspace, its members and its keys."""
