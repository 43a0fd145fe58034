"""Users: the people who sign in, and the addresses that are theirs."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from relent.terms import addresses
from relent.terms.roles import Role


class UserManager(BaseUserManager["User"]):
    """Makes users by mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user who signs in with ``email``; without a password the account cannot sign in."""
        user = self.model(email=addresses.canonical(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who signs in. ``role`` says what they may do; ``may_enroll`` is the seat that sequences need.

    A removed user stays as a row, since history names them; ``removed_at`` says since when. ``seat_lost_at`` is when a
    seat was taken away. ``daily_limit`` is how many mails of theirs may leave in a rolling 24 hours, over all
    mailboxes.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.REP)
    may_enroll = models.BooleanField(default=True)
    team = models.CharField(max_length=100, blank=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    seat_lost_at = models.DateTimeField(null=True, blank=True)
    daily_limit = models.PositiveIntegerField(default=1000)
    created_at = models.DateTimeField()

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_super_admin(self) -> bool:
        """Whether this user may do everything."""
        return self.role == Role.SUPER_ADMIN


class UserAddress(models.Model):
    """A further address of a user: a send-as alias, or a former address that mail still reaches."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="addresses")
    address = models.CharField(max_length=320, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "address"], name="user_address_once")]
