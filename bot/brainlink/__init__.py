"""The app's side of the wire to the brain: calling it, starting it, bringing it back."""
