"""What a user may be."""

from relent.terms.sentences import Said


class Role(Said):
    """A user's role, from the least to the most that it allows."""

    REP = "rep", "Rep: enrolls and mails own contacts.", "担当者: 自分のコンタクトを登録してメールを送ります。"
    MANAGER = (
        "manager",
        "Manager: also sees and stops the team's work.",
        "マネージャー: チームの活動も確認、停止できます。",
    )
    SUPER_ADMIN = "super_admin", "Super admin: may do everything.", "スーパー管理者: すべての操作ができます。"
