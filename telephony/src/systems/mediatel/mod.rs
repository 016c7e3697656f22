//! Mediatel HES (hes-webrtc) v1.
