"""What must hold whatever the rules and the payments: executors agree, silence never helps, order never matters."""
